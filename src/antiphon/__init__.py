"""Antiphon: a self-hosted server for talking with a model, speaking Azure OpenAI's audio interfaces."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""NumPy's matrices are small here. A second thread would gain nothing and, between two of them, spin on a core that the
engines need. It is read once, when NumPy is imported."""

__version__ = "0.1.0"
