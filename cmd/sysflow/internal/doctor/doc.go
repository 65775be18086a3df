// Package doctor implements `sysflow doctor`, which tells whether this host can be
// captured live, and what to do where it cannot.
package doctor
