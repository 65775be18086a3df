package diag

import (
	"errors"
	"slices"
)

// List is what was found in a set of files, in the order of finding.
type List []*Diagnostic

// HasErrors reports whether any of the findings is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d *Diagnostic) bool { return d.Severity == Error })
}

// Err joins the errors, nil if there are none; warnings are left out.
func (l List) Err() error {
	var errs []error
	for _, d := range l {
		if d.Severity == Error {
			errs = append(errs, d)
		}
	}
	return errors.Join(errs...)
}
