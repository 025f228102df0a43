"""`make bench`: every measurement, one table. Figures are of this machine, which runs load and product together."""

from bench import desk, receive, streams


def main() -> None:
    print(f"{'what':<62} {'result':>22} {'p50 ms':>8} {'p95/p99 ms':>11}")
    for measured in receive.run():
        what = f"{measured.what}, {measured.connections} connections"
        _line(what, f"{measured.acked_a_second:,.0f}/s", measured.p50_ms, measured.p99_ms)
    for streamed in streams.run():
        _line(streamed.what, f"{streamed.rows_seen:,} of {streamed.rows_due:,} rows", streamed.p50_ms, streamed.p99_ms)
    for page in desk.run():
        queries = f"{page.queries_few} / {page.queries_many} queries"
        _line(page.what, queries, page.p50_ms, page.p95_ms)


def _line(what: str, result: str, middle: float, tail: float) -> None:
    print(f"{what:<62} {result:>22} {middle:>8.1f} {tail:>11.1f}", flush=True)


if __name__ == "__main__":
    main()
