"""The pure core: values, rules, three-way merge, plan. Knows a left and a right; no clock, no network, no product."""
