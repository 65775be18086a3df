package syntax

// Template is an output text with values of the record in it: "%proc.name did %evt.type".
type Template struct {
	Text  string
	Parts []Part
}

// Part is a literal text, or a value where Operand is set.
type Part struct {
	Literal string
	Operand Operand
	// Width pads or cuts the value to so many characters; 0 leaves it (Falco: %10field).
	Width int
}
