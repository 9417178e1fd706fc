package phrase_test
import ("testing";"os";"strings";"fmt";"maitre/booking/phrase")
func TestZZ(t *testing.T){ b,_:=os.ReadFile(os.Getenv("ZZ")); r:=phrase.New(house(t)); for l:=range strings.SplitSeq(strings.TrimSpace(string(b)),"\n"){ m:=r.Understand(l,monday(t),""); fmt.Printf("%-7v %-12s %s\n",m.Plain,m.Intent,l)} }
