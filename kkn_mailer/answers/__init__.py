"""The answers people get: text, HTML and calendar file, from templates that the organiser may edit.

A template is `<answer>.<language>.txt.j2` or `.html.j2`; the text one names the subject in its block `subject`. What a
template may use is in docs/templates.md.
"""

from .message import Answers, dressed, message_id
from .templates import TemplateError, shipped_templates
from .thread import LOCALE, one_line

__all__ = ["LOCALE", "Answers", "TemplateError", "dressed", "message_id", "one_line", "shipped_templates"]
