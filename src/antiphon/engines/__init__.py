"""What engines are (`interfaces`, `kind`), and their implementations in this process (`embedded`), behind a URL
(`remote`), and on a Ray cluster (`ray`).

An engine is an object with one async-generator method; its caller neither knows nor cares where it runs. Closing the
generator stops the work. Engines that follow a live conversation offer cancellable coroutines instead. May import
`audio`, `models`, `vocabulary`, `errors` and `hardening`; `dialogue` imports it.
"""
