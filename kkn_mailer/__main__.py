"""`python -m kkn_mailer` is `kkn-mailer`."""

from .cli import main

if __name__ == "__main__":
    main()
