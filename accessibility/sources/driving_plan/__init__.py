"""Operators' driving plans (行车时刻表), as they are typed into workbooks."""
