#!/usr/bin/env python3
"""A folder of ten thousand files, listed to its last one."""

from concurrent.futures import ThreadPoolExecutor

import hako
import requests

COUNT = 10_000

with hako.workspace("listing") as (workspace, headers):
    files = f"{hako.URL}/{workspace}/files"
    with requests.Session() as session, ThreadPoolExecutor(8) as pool:
        session.headers.update(headers)
        session.mount(hako.URL, requests.adapters.HTTPAdapter(pool_maxsize=8))

        def store(number: int) -> None:
            session.put(f"{files}/many/{number:05}.txt", data=b"x", timeout=60).raise_for_status()

        list(pool.map(store, range(COUNT)))

        def names(**page: int) -> list[str]:
            answer = session.get(f"{files}/many/", params=page, timeout=60)
            answer.raise_for_status()
            return [child["name"] for child in answer.json()["children"]]

        assert len(names()) == 1000
        every = names(max_length=COUNT)
        assert every == [f"{number:05}.txt" for number in range(COUNT)]
        assert names(offset=COUNT - 1) == ["09999.txt"]
        assert session.get(f"{files}/many/", params={"max_length": COUNT + 1}, timeout=60).status_code == 400
        print("the last of", len(every), "is", every[-1])
