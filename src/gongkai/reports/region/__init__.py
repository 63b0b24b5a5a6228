"""区域总览: every report of a superior's subtree for one year, gathered in a fixed number of queries."""
