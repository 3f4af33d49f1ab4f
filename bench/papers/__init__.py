"""One case and one month of operation printed in every format, to be looked at."""
