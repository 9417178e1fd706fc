package retry

// Signal wakes a worker. Whoever has something for it sends, whether or not the worker
// runs: a signal that nobody has received yet stands for all that were sent since.
type Signal struct{ c chan struct{} }

// NewSignal returns a signal that was not sent.
func NewSignal() Signal { return Signal{make(chan struct{}, 1)} }

// Send sends the signal. It never blocks.
func (s Signal) Send() {
	select {
	case s.c <- struct{}{}:
	default: // sent already
	}
}
