"""Engines on a Ray cluster: the same classes as in this process, in replicas that Ray Serve starts, watches and scales.

A process of its own joins the cluster for a server (`driver`), since Ray ends every process that has joined a cluster
which goes away. `link` keeps that process and passes requests to it; `replica` is what runs on the cluster; `adapters`
look to callers like any other engine. Only `driver` and `cluster` need the package `ray`, and nothing imports those two
that does not use the cluster.

May import `engines.interfaces`, `engines.kind`, `engines.remote`, `audio`, `models` and `hardening`.
"""
