"""What is remembered: cases, inbox, outbox, timers, audit, people."""
