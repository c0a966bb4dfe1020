"""Structured logs that say what became of each mail without quoting it."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up(form: str) -> None:
    """Log lines to stderr as `key=value` text or as JSON, times in UTC (RFC 3339)."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "event"], sort_keys=False, bool_as_flag=False
        )
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("imapclient").setLevel(logging.ERROR)
