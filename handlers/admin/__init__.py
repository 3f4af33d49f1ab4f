"""管理, administration on the pages: what is proposed, what it would do, done, taken back."""
