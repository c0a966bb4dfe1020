"""kkn-mailer: people register for an event by an ordinary mail."""

__version__ = "0.1.0"
