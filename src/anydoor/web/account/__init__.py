"""Pages of signing in and out: password, second factor, where somebody is signed in."""
