"""Providers and their models: what `core.ports.Provider`, `Catalogue` and `TokenCounter` are filled with.

    providers.toml, models.toml   who can be asked, and what it costs: another provider, model or price is a row here
    wiring    connect.py          from keys and base URLs to what can be asked; `WIRES`: which class speaks which wire
    wires     anthropic.py, gemini.py, openai_compatible.py   one class a wire, over what they share: http_stream.py
              anthropic_wire.py, gemini_wire.py, openai_wire.py   what is sent and what comes back, as values
              embeddings.py  turns.py  sse.py  wire.py   parts that several of them use
              client.py  failures.py   the HTTP client; from a status or a broken connection to a `ProviderFailed`
              practice.py         answers without asking anybody
    files     catalogue.py        all of them together
              providers_file.py  models_file.py  routing_file.py   one file each, read strictly with checked.py
              operator_models.py  slips.py   MODELS_FILE while it changes; prices in a wrong unit
              live.py             what can be asked at this moment
    tokens    tokens.py, ranks/   counts without a network

A provider with a wire of its own is a `<name>_wire.py`, a class over `HttpProvider`, its name in `WIRE_NAMES`
(providers_file.py) and in `WIRES` (connect.py), a row in providers.toml, and its two settings (bot/settings.py,
.env.example). tests/contracts/test_providers.py plays every row; docs/decisions/0010 says what wires have in common.
"""
