package retry

// Signal wakes a worker. Signals that were sent and not yet received count as one.
type Signal struct{ c chan struct{} }

// NewSignal returns a signal.
func NewSignal() Signal { return Signal{make(chan struct{}, 1)} }

// Send sends the signal. It never blocks.
func (s Signal) Send() {
	select {
	case s.c <- struct{}{}:
	default: // sent already
	}
}
