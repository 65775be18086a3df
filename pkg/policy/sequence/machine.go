// Package sequence finds things that happen one after the other: it is told which record
// satisfied which step of which sequence, and says when a sequence is complete. Time is
// that of the records, so a replay finds what the live host found.
package sequence
