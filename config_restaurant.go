package main

import (
	"fmt"

	"maitre/store/restaurantfile"
)

// readRestaurantFile reads the restaurant file at path, or the built-in sample where
// that is empty, and checks it. warnings are what can be lived with.
//
// Errors: a [ConfigError].
func readRestaurantFile(path string) (file restaurantfile.File, warnings []string, err error) {
	if file, err = restaurantfile.LoadFile(path); err != nil {
		return file, nil, configError(err)
	}
	if warnings, err = file.Restaurant.Check(); err != nil {
		return file, nil, configError(fmt.Errorf("restaurant file %s: %w", path, err))
	}
	for i := range warnings {
		warnings[i] = "restaurant file: " + warnings[i]
	}
	return file, warnings, nil
}
