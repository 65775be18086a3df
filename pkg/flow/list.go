package flow

// list is a doubly linked list whose links are part of its elements: to move and
// remove an element costs no search and no memory. With a constant delay it is also
// a sorted queue of timers.
type list[T any] struct {
	first, last *link[T]
	len         int
}

// link makes its owner an element of at most one list.
type link[T any] struct {
	prev, next *link[T]
	in         *list[T]
	owner      *T
	// due is when a timer fires.
	due int64
}

// add appends an element, which is removed from its list before.
func (l *list[T]) add(e *link[T]) {
	if l.last == e {
		return
	}
	e.unlink()
	e.in, e.prev = l, l.last
	if l.last == nil {
		l.first = e
	} else {
		l.last.next = e
	}
	l.last = e
	l.len++
}

// addTimer appends an element that is due at a time not before that of the last.
func (l *list[T]) addTimer(e *link[T], due int64) {
	e.due = due
	l.add(e)
}

// popDue removes and returns the first element when it is due, else nil.
func (l *list[T]) popDue(now int64) *T {
	if l.first == nil || l.first.due > now {
		return nil
	}
	e := l.first
	e.unlink()
	return e.owner
}

// head returns the first element, nil when the list is empty.
func (l *list[T]) head() *T {
	if l.first == nil {
		return nil
	}
	return l.first.owner
}

// each calls f for each element; f may remove the element that it is called for.
func (l *list[T]) each(f func(*T)) {
	for e := l.first; e != nil; {
		next := e.next
		f(e.owner)
		e = next
	}
}

func (e *link[T]) unlink() {
	l := e.in
	if l == nil {
		return
	}
	if e.prev == nil {
		l.first = e.next
	} else {
		e.prev.next = e.next
	}
	if e.next == nil {
		l.last = e.prev
	} else {
		e.next.prev = e.prev
	}
	e.prev, e.next, e.in = nil, nil, nil
	l.len--
}
