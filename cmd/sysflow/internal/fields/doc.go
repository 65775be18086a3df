// Package fields is the one table of what can be said about an event or flow: the
// names, meanings and values that the sysflow commands print and select by. Names,
// order and values are those of SysFlow's own sysprint.
package fields
