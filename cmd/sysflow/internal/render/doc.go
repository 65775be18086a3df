// Package render writes rows of fields as JSON lines, CSV or an aligned table.
package render
