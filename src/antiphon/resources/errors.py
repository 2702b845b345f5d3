"""What can be wrong with accounts, deployments, their limits and what they have made, in Azure's words where it has
words for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from antiphon.errors import AntiphonError

# --- what is not there ------------------------------------------------------------------------------------------------


class AccountNotFound(AntiphonError):
    """There is no account (resource) of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no account named {name!r}.")
        self.name = name


class DeploymentNotFound(AntiphonError):
    """The account has no deployment of that name."""

    def __init__(self, which: str | None = None) -> None:
        """`which` says more about why, where there is more to say."""
        wait = "If you created the deployment within the last 5 minutes, please wait a moment and try again."
        super().__init__(f"The API deployment for this resource does not exist. {which or wait}")


class ModelIsAmbiguous(DeploymentNotFound):
    """A model was named of which the account has several deployments."""

    def __init__(self, model: str, deployments: Sequence[str]) -> None:
        super().__init__(
            f"There are several deployments of the model {model[:64]!r}: {', '.join(deployments)}. Name the one that "
            "you mean as 'model'."
        )
        self.model = model
        self.deployments = deployments


class AudioOutputNotFound(AntiphonError):
    """An assistant message refers to an audio output that never was, has expired, or is another account's."""

    def __init__(self, audio_id: str) -> None:
        super().__init__(
            f"The audio {audio_id[:64]!r} does not exist or has expired. Send what it said as the message's content "
            "instead."
        )
        self.audio_id = audio_id


class CompletionNotFound(AntiphonError):
    """No stored completion has that id, or it is another account's."""

    def __init__(self, completion_id: str) -> None:
        super().__init__(
            f"No chat completion found with id {completion_id[:64]!r}. Those made with 'store' can be found until they "
            "expire."
        )
        self.completion_id = completion_id


class RecordNotFound(AntiphonError):
    """There is no record of that id, or it is another account's."""

    def __init__(self, record_id: str) -> None:
        super().__init__(
            f"There is no record {record_id[:64]!r}. It may have expired: `antiphon records list` shows those left."
        )
        self.record_id = record_id


class ParentResourceNotFound(AntiphonError):
    """The account that the deployment would belong to does not exist."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Can not perform requested operation on nested resource. Parent resource '{account[:64]}' not found."
        )
        self.account = account


class ResourceGroupNotFound(AntiphonError):
    """No group of that name has been made in the subscription."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Resource group '{name[:90]}' could not be found.")
        self.name = name


# --- what cannot be ---------------------------------------------------------------------------------------------------


class InvalidSubscription(AntiphonError):
    def __init__(self, subscription_id: str) -> None:
        super().__init__(f"The provided subscription identifier {subscription_id[:64]!r} is malformed or invalid.")
        self.subscription_id = subscription_id


class InvalidResourceGroup(AntiphonError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"The provided resource group name {name[:90]!r} is not valid. It can have up to 90 letters, digits, '-', "
            "'.', '(', ')' or '_', and cannot end with '.'."
        )
        self.name = name


class InvalidResourceName(AntiphonError):
    """The name of an account or deployment is not one that can be given; `rule` says which can."""

    def __init__(self, name: str, rule: str) -> None:
        super().__init__(f"Resource name {name[:64]!r} is invalid. {rule}")
        self.name = name
        self.rule = rule


class InvalidResourceProperties(AntiphonError):
    """Something is asked for that is known, but not to be had."""


class InvalidTags(AntiphonError):
    """There are more tags, or longer ones, than a resource can have."""


class InvalidKind(AntiphonError):
    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The account type {kind[:64]!r} is either invalid or unavailable in given region. Use 'OpenAI' or "
            "'AIServices'."
        )
        self.kind = kind


class LocationNotAvailable(AntiphonError):
    """What was named as a location could be none."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"The provided location {location[:64]!r} is not available for resource type "
            "'Microsoft.CognitiveServices/accounts'. A location consists of letters and digits only."
        )
        self.location = location


class DeploymentModelNotSupported(AntiphonError):
    def __init__(self, *, name: str, version: str | None, model_format: str = "OpenAI") -> None:
        super().__init__(
            f"The model 'Format: {model_format[:64]}, Name: {name[:64]}, Version: {(version or '')[:64]}' of account "
            "deployment is not supported."
        )
        self.name = name
        self.version = version
        self.model_format = model_format


# --- what is in the way -----------------------------------------------------------------------------------------------


class AccountNameTaken(AntiphonError):
    """The name is another account's, in another resource group or subscription."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Please pick a different name. The subdomain name '{name}' is not available as it's already used by a "
            "resource."
        )
        self.name = name


class AccountElsewhere(AntiphonError):
    """An account cannot move to another location."""

    def __init__(self, name: str, *, location: str, resource_group: str, wanted: str) -> None:
        super().__init__(
            f"The resource '{name}' already exists in location '{location}' in resource group '{resource_group}'. A "
            f"resource with the same name cannot be created in location '{wanted}'. Please select a new resource name."
        )
        self.name = name
        self.location = location
        self.resource_group = resource_group
        self.wanted = wanted


class AccountHasDeployments(AntiphonError):
    """An account is deleted after its deployments."""

    def __init__(self, account: str, deployments: Sequence[str]) -> None:
        ids = ", ".join(f"Microsoft.CognitiveServices/accounts/{account}/deployments/{each}" for each in deployments)
        super().__init__(
            "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
            f"'{ids}'. Please delete all nested resources before deleting this resource."
        )
        self.account = account
        self.deployments = deployments


class ResourceGroupElsewhere(AntiphonError):
    """A group cannot move to another location."""

    def __init__(self, location: str, *, wanted: str) -> None:
        super().__init__(
            f"Invalid resource group location '{wanted}'. The Resource group already exists in location '{location}'."
        )
        self.location = location
        self.wanted = wanted


# --- what is used up --------------------------------------------------------------------------------------------------


class InsufficientQuota(AntiphonError):
    """The subscription's pool, or a number of resources, is used up."""

    def __init__(self, quota: str, *, required: int, used: int, limit: int, advice: str) -> None:
        super().__init__(
            f"This operation require {required} new capacity in quota {quota}, which is bigger than the current "
            f"available capacity {max(0, limit - used)}. The current quota usage is {used} and the quota limit is "
            f"{limit} for quota {quota}. {advice}"
        )
        self.quota = quota
        self.required = required
        self.used = used
        self.limit = limit


class RateLimitExceeded(AntiphonError):
    """The deployment has used up what its capacity allows in the window of time that is under way."""

    def __init__(self, exceeded: Literal["requests", "tokens"], *, retry_after_seconds: float) -> None:
        super().__init__(
            f"The deployment's limit of {exceeded} is used up. Please retry after {math.ceil(retry_after_seconds)} "
            "seconds, or have its capacity raised."
        )
        self.exceeded: Literal["requests", "tokens"] = exceeded
        self.retry_after_seconds = retry_after_seconds


class TooManySecrets(AntiphonError):
    """The account has as many valid client secrets as it can have."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The account has {limit} client secrets that are still valid, which is the limit. Please retry after a "
            "minute, or let the secrets expire sooner (expires_after)."
        )


class RequestTooLarge(AntiphonError):
    """One request may take more tokens than the deployment has in a whole minute, so that waiting is no use."""

    def __init__(self, *, limit_tokens: int, tokens: int) -> None:
        super().__init__(
            f"Request too large: the deployment has {limit_tokens} tokens a minute, and this request may take "
            f"{tokens}. Retrying does not help. Send a shorter conversation, lower max_tokens or n, or have the "
            "deployment's capacity raised."
        )
        self.limit_tokens = limit_tokens
        self.tokens = tokens


class BookNotFound(AntiphonError):
    """There is no book of that id, or it is another account's, or it has not become that yet."""

    def __init__(self, book_id: str, what: str = "book") -> None:
        super().__init__(f"There is no {what} {book_id[:64]!r}.")


class BookUnfinished(AntiphonError):
    """A book that is being made cannot be deleted."""

    def __init__(self, book_id: str) -> None:
        super().__init__(f"The book {book_id!r} is being made. Cancel it first.")


class TooManyBooks(AntiphonError):
    """The account has as many books as it may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"An account can have {most} audiobooks. Delete some that you have downloaded.")
