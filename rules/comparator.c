/**
 * @file comparator.c
 * The words for comparisons: which there are, what other languages call them, which stands in a condition, and which go with a value.
 *
 * A table says which comparator takes which class of value, so that a message can name those that would do.
 */
#include "rules/compile.h"

#define ON(class_)      (1U << TW_CLASS_##class_)
#define TEXTUAL         (ON(TEXT) | ON(PLACE) | ON(HS) | ON(MARK))
#define NUMERIC         (ON(COUNT) | ON(AMOUNT))
#define TIMES           (ON(DAY) | ON(INSTANT))
#define LISTED_VALUES   (TEXTUAL | ON(COUNTRY) | ON(CHOICE) | NUMERIC)
#define EVERY_CLASS     (LISTED_VALUES | ON(FLAG) | TIMES)

static const char *const words[] = {"is",    "is_not",       "in",          "not_in",  "starts",       "matches", "not_matches", "words",
                                    "near",  "stated",       "above",       "below",   "at_least",     "at_most", "between",     "before",
                                    "after", "on_or_before", "on_or_after", "same_as", "differs_from", "inside",  "outside",     "within",
                                    NULL};

/* Row i belongs to words[i]. */
static const struct comparator {
	enum tw_relation relation;
	uint32_t classes;
} comparators[] = {
    {TW_IS, EVERY_CLASS},
    {TW_IS_NOT, EVERY_CLASS},
    {TW_IN, LISTED_VALUES},
    {TW_NOT_IN, LISTED_VALUES},
    {TW_STARTS, TEXTUAL},
    {TW_MATCHES, TEXTUAL},
    {TW_NOT_MATCHES, TEXTUAL},
    {TW_WORDS, TEXTUAL},
    {TW_NEAR, TEXTUAL},
    {TW_STATED, EVERY_CLASS},
    {TW_ABOVE, NUMERIC},
    {TW_BELOW, NUMERIC},
    {TW_AT_LEAST, NUMERIC},
    {TW_AT_MOST, NUMERIC},
    {TW_BETWEEN, NUMERIC | TIMES},
    {TW_BELOW, TIMES},
    {TW_ABOVE, TIMES},
    {TW_AT_MOST, TIMES},
    {TW_AT_LEAST, TIMES},
    {TW_SAME_AS, TEXTUAL | ON(COUNTRY)},
    {TW_DIFFERS_FROM, TEXTUAL | ON(COUNTRY)},
    {TW_INSIDE, NUMERIC},
    {TW_OUTSIDE, NUMERIC},
    {TW_WITHIN, TIMES},
};

const char *const *tw_comparator_words(void)
{
	return words;
}

static uint32_t word_index(struct tw_slice word)
{
	uint32_t i = 0;
	while (words[i] && !tw_slice_is(word, words[i])) {
		i++;
	}
	return i;
}

bool tw_comparator_there(const struct tw_yaml *mapping)
{
	const struct tw_yaml *child = mapping->first;
	while (child && !words[word_index(child->key)]) {
		child = child->next;
	}
	return child != NULL;
}

const char *tw_comparator_foreign(struct tw_slice key)
{
	static const struct {
		const char *theirs, *ours;
	} theirs[] = {
	    {"contains", "words\", or \"matches"},
	    {"like", "matches"},
	    {"regex", "matches"},
	    {"regexp", "matches"},
	    {"pattern", "matches"},
	    {"equals", "is"},
	    {"eq", "is"},
	    {"==", "is"},
	    {"=", "is"},
	    {"ne", "is_not"},
	    {"!=", "is_not"},
	    {"not_equals", "is_not"},
	    {"one_of", "in"},
	    {"starts_with", "starts"},
	    {"startswith", "starts"},
	    {"begins_with", "starts"},
	    {"exists", "stated"},
	    {"gt", "above"},
	    {">", "above"},
	    {"greater_than", "above"},
	    {"more_than", "above"},
	    {"greater", "above"},
	    {"more", "above"},
	    {"over", "above"},
	    {"lt", "below"},
	    {"<", "below"},
	    {"less_than", "below"},
	    {"less", "below"},
	    {"under", "below"},
	    {"gte", "at_least"},
	    {">=", "at_least"},
	    {"min", "at_least"},
	    {"lte", "at_most"},
	    {"<=", "at_most"},
	    {"max", "at_most"},
	};
	for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
		if (tw_slice_is(key, theirs[i].theirs)) {
			return theirs[i].ours;
		}
	}
	return "";
}

const struct tw_yaml *tw_comparator_find(struct tw_compile *compile, const struct tw_yaml *mapping)
{
	const struct tw_yaml *found = NULL;
	for (const struct tw_yaml *child = mapping->first; child; child = child->next) {
		if (!words[word_index(child->key)]) {
			continue;
		}
		if (found) {
			tw_report_error(compile->report, child->key_mark, TW_E_CONFLICT, "one comparison a condition: \"%s\" stands beside \"%s\"",
			                child->key.ptr, found->key.ptr);
			return NULL;
		}
		found = child;
	}
	if (!found) {
		tw_report_error(compile->report, mapping->mark, TW_E_MISSING,
		                "the condition compares with nothing: is, in, starts, words, matches, stated, above …");
	}
	return found;
}

bool tw_comparator_fits(struct tw_compile *compile, const struct tw_operand *left, const struct tw_yaml *comparator, enum tw_relation *relation)
{
	char fitting[160] = "";
	size_t used = 0;
	uint32_t index = word_index(comparator->key);
	*relation = comparators[index].relation;
	if (comparators[index].classes & 1U << left->class) {
		return true;
	}
	for (uint32_t i = 0; words[i]; i++) {
		if (comparators[i].classes & 1U << left->class && used < sizeof(fitting) - 16) {
			used += (size_t)snprintf(fitting + used, sizeof(fitting) - used, "%s%s", used ? ", " : "", words[i]);
		}
	}
	tw_report_error(compile->report, comparator->key_mark, TW_E_TYPE, "\"%s\" does not go with %s; these do: %s", words[index],
	                tw_class_name(left->class), fitting);
	return false;
}
