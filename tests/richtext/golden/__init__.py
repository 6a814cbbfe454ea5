"""Golden files made with the converter of Atlassian; see README.md."""
