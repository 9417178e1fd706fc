package premises

import (
	"fmt"

	"maitre/store/restaurantfile"
)

// ReadHouse reads the restaurant file at path, or the built-in sample where that
// is empty, and has it checked. warnings are what can be lived with.
//
// Errors: a [Mistake].
func ReadHouse(path string) (house restaurantfile.File, warnings []string, err error) {
	if house, err = restaurantfile.LoadFile(path); err != nil {
		return house, nil, &Mistake{err}
	}
	if warnings, err = house.Restaurant.Check(); err != nil {
		return house, nil, &Mistake{fmt.Errorf("restaurant file %s: %w", path, err)}
	}
	for i := range warnings {
		warnings[i] = "restaurant file: " + warnings[i]
	}
	return house, warnings, nil
}
