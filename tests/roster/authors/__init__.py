"""The organiser's side of the roster, played by other programs that write workbooks."""
