"""The path itself: real sandboxes, the real store, the real story; no engine thread: each step is the test's."""
