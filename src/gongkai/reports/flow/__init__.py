"""The way of a report from 编制 to 公布 and 更正, the year's collection, and the roll-up."""
