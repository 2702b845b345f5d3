"""The fake web of the models, for the commands that fetch them."""

from __future__ import annotations

from ..models.conftest import make_cache as make_cache
from ..models.conftest import make_model as make_model
from ..models.conftest import network as network
from ..models.conftest import page as page
from ..models.conftest import web as web
