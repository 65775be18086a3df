package avro

import (
	"errors"
	"fmt"
)

// Causes of an Error, for errors.Is.
var (
	// ErrNotContainer: the data is no Avro object container file.
	ErrNotContainer = errors.New("not an Avro container file")
	// ErrSchema: the file's schema is not SysFlow's, or of a shape that cannot be mapped to it.
	ErrSchema = errors.New("not a SysFlow schema")
	// ErrCorruptBlock: a block, or a record in it, is damaged.
	ErrCorruptBlock = errors.New("corrupt block")
	// ErrTruncated: the file ends within its header or within a block.
	ErrTruncated = errors.New("truncated file")
	// ErrUnknownBranch: a record is of a type that SysFlow does not know.
	ErrUnknownBranch = errors.New("unknown record type")
)

// Error is a fault in the data of a trace.
type Error struct {
	// Name is the file name given to the reader, may be empty.
	Name string
	// Offset is where the faulty block begins, 0 for the file header.
	Offset int64
	// Record is the number of records returned before the fault.
	Record int64
	// Err tells the cause; it wraps one of the package's Err... values.
	Err error
}

// Error implements error.
func (e *Error) Error() string {
	name := e.Name
	if name == "" {
		name = "sysflow trace"
	}
	if e.Offset == 0 {
		return fmt.Sprintf("%s: file header: %v", name, e.Err)
	}
	return fmt.Sprintf("%s: block at offset %d, after %d records: %v", name, e.Offset, e.Record, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// corrupt returns a cause of kind ErrCorruptBlock.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorruptBlock, fmt.Sprintf(format, args...))
}

// badSchema returns a cause of kind ErrSchema.
func badSchema(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrSchema, fmt.Sprintf(format, args...))
}
