// Package guest holds the tests that run on another kernel. Its test binary is also the machine's
// first process, /init: see TestMain.
package guest
