"""`python -m customer_escalation`."""

import sys

from customer_escalation.cli import main

if __name__ == "__main__":
    sys.exit(main())
