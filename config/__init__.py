"""What the program is told: settings, rulebooks, units and people."""
