//go:build !unix

package sysflowavroexporter

import "os"

// tryLock always succeeds: one exporter for each directory, as documented.
func tryLock(*os.File) (bool, error) { return true, nil }

// syncDir does nothing where directories cannot be opened for that.
func syncDir(string) error { return nil }
