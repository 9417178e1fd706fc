package restaurantfile

import (
	"fmt"
	"maps"
	"strings"

	"maitre/booking"
	"maitre/store/airtable/mapping"
)

// maxField is the longest name of a field or a choice in Airtable, in characters.
const maxField = 255

// readAirtable reads what things are called in the staff's base. All of it can be
// left out.
func readAirtable(top *table, restaurant *booking.Restaurant) mapping.Names {
	var names mapping.Names
	t, ok := top.may("airtable").table()
	if !ok {
		return names.For(restaurant)
	}
	defaults := mapping.Default()
	names.Bookings = readFields(t.may("bookings"), mapping.BookingKeys(), defaults.Bookings)
	names.Tables = readFields(t.may("tables"), mapping.TableKeys(), defaults.Tables)
	names.Statuses = readWords(t.may("statuses"), booking.Statuses(), defaults.Statuses)
	names.Channels = readWords(t.may("channels"), mapping.Channels(), defaults.Channels)
	var zones []string
	for _, z := range restaurant.Zones {
		zones = append(zones, z.ID)
	}
	names.Zones = readWords(t.may("zones"), zones, mapping.Names{}.For(restaurant).Zones)
	t.done()
	return names.For(restaurant)
}

// readFields reads the names or IDs of a table's fields; no two may be one.
func readFields(v *value, keys []mapping.Key, defaults map[mapping.Key]string) map[mapping.Key]string {
	t, ok := v.table()
	if !ok {
		return nil
	}
	names := map[mapping.Key]string{}
	given := map[mapping.Key]*value{}
	for _, key := range keys {
		if field := t.may(string(key)); field != nil {
			names[key], given[key] = field.str(maxField), field
		}
	}
	t.done()
	all := maps.Clone(defaults)
	maps.Copy(all, names)
	for i, key := range keys {
		for _, other := range keys[:i] {
			if all[key] == "" || !strings.EqualFold(plain(all[key]), plain(all[other])) {
				continue
			}
			if given[key] == nil {
				key, other = other, key
			}
			given[key].wrong(fmt.Sprintf("is the field of %s too", other), fmt.Sprintf("name one field for %s and another for %s", key, other))
		}
	}
	return names
}

// readWords reads the words for choices: the first is written, all are read. No
// word may mean two things, whatever its accents and capitals.
func readWords[T ~string](v *value, keys []T, defaults map[T][]string) map[T][]string {
	t, ok := v.table()
	if !ok {
		return nil
	}
	words := map[T][]string{}
	meant := map[string]T{}
	given := map[T][]*value{}
	for _, key := range keys {
		list := t.may(string(key))
		if list == nil {
			continue
		}
		given[key] = list.list()
		for _, item := range given[key] {
			if s := item.str(maxField); s != "" {
				words[key] = append(words[key], s)
			}
		}
		if len(given[key]) == 0 {
			list.wrong("is empty", fmt.Sprintf("write the words of the base, the one to write first: [%q], or take the key away", defaults[key][0]))
		}
	}
	t.done()
	for _, key := range keys {
		if given[key] == nil {
			for _, s := range defaults[key] {
				meant[plain(s)] = key
			}
		}
	}
	for _, key := range keys {
		for _, item := range given[key] {
			s := plain(strings.Join(strings.Fields(item.text), " "))
			if other, twice := meant[s]; twice && s != "" {
				item.wrong(alsoMeans(key, other), alsoFix(key, other))
			}
			meant[s] = key
		}
	}
	return words
}

func alsoMeans[T ~string](key, other T) string {
	if key == other {
		return "stands twice"
	}
	return fmt.Sprintf("is a word for %s too", other)
}

func alsoFix[T ~string](key, other T) string {
	if key == other {
		return "take one away"
	}
	return fmt.Sprintf("take it away here, or write other words for %s", other)
}
