package capture

// Result is the outcome of one check of the environment.
type Result struct {
	// Name says what was looked at.
	Name string
	OK   bool
	// Detail says what was found.
	Detail string
	// Remedy says how to mend it; empty when there is nothing to mend.
	Remedy string
}

// Check looks at everything that live capture needs, in the order in which it needs it. The
// last check starts a real capture and stops it again.
func Check() []Result {
	results := environment()
	for _, r := range results {
		if !r.OK {
			return results
		}
	}
	return append(results, trial())
}
