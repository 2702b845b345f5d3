"""`can_end`: whether JSON of finite length can satisfy a recursive schema."""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.engines.interfaces import Json


def can_end(root: Mapping[str, Json], definitions: Mapping[str, Json]) -> bool:
    """Whether some finite JSON satisfies every definition and the root."""
    ending: set[str] = set()

    def ends(node: Json) -> bool:
        if not isinstance(node, Mapping):
            return True
        if "$ref" in node:
            return str(node["$ref"]).removeprefix("#/$defs/") in ending
        if "anyOf" in node:
            return any(ends(branch) for branch in node["anyOf"])
        types = node.get("type", [])
        if set(types) - {"object", "array"} or not types:
            return True
        ways: list[bool] = []
        if "object" in types:
            ways.append(all(ends(node["properties"][name]) for name in node["required"]))
        if "array" in types:
            prefix = node.get("prefixItems", [])[: node.get("minItems", 0)]
            needs_more = node.get("minItems", 0) > len(prefix)
            ways.append(all(ends(item) for item in prefix) and (not needs_more or ends(node.get("items"))))
        return any(ways)

    while new := {name for name, node in definitions.items() if name not in ending and ends(node)}:
        ending |= new
    return len(ending) == len(definitions) and ends(root)
