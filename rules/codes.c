/**
 * @file codes.c
 * The table; see codes.h.
 */
#include "rules/codes.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
static const struct tw_rule_code codes[] = {
	{"TW-R-0100", NULL, TW_E_SYNTAX, "the file is not well-formed YAML, or uses anchors, tags, aliases or several documents", NULL},
	{"TW-R-0101", "the key \"%.64s\" stands here a second time", TW_E_CONFLICT, "a key twice in one mapping", NULL},
	{"TW-R-0102", "the file is empty", TW_E_MISSING, "an empty file", NULL},
	{"TW-R-0103", "a placeholder in the sentence", TW_E_SYNTAX, "a placeholder in `because` is not closed", NULL},
	{"TW-R-0104", "the table is not well-formed", TW_E_SYNTAX, "a table that is not well-formed CSV in UTF-8", NULL},
	{"TW-R-0105", "\"%.64s\" chooses nothing", TW_E_SYNTAX, "a path with brackets that choose nothing", "\"parties[consignee].name\", in quotes inside {}"},
	{"TW-R-0200", NULL, TW_E_UNKNOWN, "a name that nobody knows", NULL},
	{"TW-R-0201", "unknown key", TW_E_UNKNOWN, "a key that does not belong there", NULL},
	{"TW-R-0202", "unknown field", TW_E_UNKNOWN, "a field that no event of this family has", NULL},
	{"TW-R-0203", "no condition begins with", TW_E_UNKNOWN, "a condition whose head is unknown", NULL},
	{"TW-R-0204", "unknown %s%.64s", TW_E_UNKNOWN, "a `$set` or a macro that no file defines", NULL},
	{"TW-R-0205", "unknown metric", TW_E_UNKNOWN, "a history metric that is not kept", NULL},
	{"TW-R-0206", "unknown event type", TW_E_UNKNOWN, "an event type that does not exist", NULL},
	{"TW-R-0207", "\"%.64s\" is no event type of", TW_E_UNKNOWN, "an event type of another family", NULL},
	{"TW-R-0208", "no \"%.*s\" is bound here", TW_E_UNKNOWN, "an element is named that no quantifier has bound", NULL},
	{"TW-R-0209", "no condition of this rule leaves a fact", TW_E_UNKNOWN, "`because` names a fact that no condition leaves", NULL},
	{"TW-R-0210", "unknown %s", TW_E_UNKNOWN, "a word outside a closed set (status, action, role, mode ...)", NULL},
	{"TW-R-0211", "\"%.*s\" belongs to the envelope", TW_E_UNKNOWN, "a member of the envelope without `event.`", NULL},
	{"TW-R-0212", "the country \"%s\" does not exist", TW_E_UNKNOWN, "a country that is no ISO 3166-1 code, nor user-assigned", "two letters of ISO 3166-1; XA to XZ and QM to QZ are free for tests"},
	{"TW-R-0213", "unknown parameter", TW_E_UNKNOWN, "a parameter that a macro does not have", NULL},
	{"TW-R-0300", NULL, TW_E_TYPE, "a value of the wrong type", NULL},
	{"TW-R-0301", "\"%s\" does not go with %s", TW_E_TYPE, "a comparator that this value cannot have", NULL},
	{"TW-R-0302", "%s cannot be compared with %s", TW_E_TYPE, "two values that cannot be compared", NULL},
	{"TW-R-0303", "%s must be %s, not %s", TW_E_TYPE, "a list, a mapping or a single value where another is needed", NULL},
	{"TW-R-0304", "\"%.64s\" is no country code", TW_E_TYPE, "a country that is not two letters", NULL},
	{"TW-R-0305", "\"%s\" is repeated", TW_E_TYPE, "a repeated part without a quantifier", NULL},
	{"TW-R-0306", "\"%.64s\" is repeated", TW_E_TYPE, "a repeated part where one value is needed", NULL},
	{"TW-R-0307", "\"%.64s\" is not repeated", TW_E_TYPE, "a quantifier over something single", NULL},
	{"TW-R-0308", "\"%.64s\" is an object", TW_E_TYPE, "a path that ends at an object", NULL},
	{"TW-R-0309", "metric \"%s\"", TW_E_TYPE, "a metric that is not kept of this entity, or has no window", NULL},
	{"TW-R-0310", "the event is a %s", TW_E_TYPE, "a test's event of another family than the rule", NULL},
	{"TW-R-0311", "\"%s\" is ambiguous over a list of texts", TW_E_TYPE, "a denial over a list of texts", NULL},
	{"TW-R-0312", "points go by a number", TW_E_TYPE, "points by a value that is no number", NULL},
	{"TW-R-0313", "the parameter \"%.64s\" takes", TW_E_TYPE, "a macro is given a value of another type than its parameter", NULL},
	{"TW-R-0314", "\"%s\" is ambiguous over those that are chosen", TW_E_TYPE, "a denial over chosen parts", NULL},
	{"TW-R-0315", "\"%.64s\" has neither role nor kind", TW_E_TYPE, "a choice among parts that have nothing to choose by", NULL},
	{"TW-R-0316", "the set \"$%.64s\" has not one value", TW_E_TYPE, "a set of several values where one is wanted", "a set of one value"},
	{"TW-R-0317", "nothing is chosen here", TW_E_TYPE, "a choice where none can stand", "some: route, where: {all: [{field: leg.role, is: load}, {borders: [leg.country, ...]}]}"},
	{"TW-R-0400", NULL, TW_E_MISSING, "something is missing", NULL},
	{"TW-R-0401", "the rule lacks", TW_E_MISSING, "a member that every rule must have", NULL},
	{"TW-R-0402", "the condition compares with nothing", TW_E_MISSING, "a value without a comparator", NULL},
	{"TW-R-0403", "a rule needs a test that fires", TW_E_MISSING, "no test that fires, or none that does not", NULL},
	{"TW-R-0404", "\"%s\" holds no condition", TW_E_MISSING, "an empty `all` or `any`", NULL},
	{"TW-R-0405", "the rule has no \"%s\"", TW_E_MISSING, "no owner or no day of creation", "owner: who answers for the rule; created: the day it was written, YYYY-MM-DD"},
	{"TW-R-0406", "\"created\" is no date", TW_E_TYPE, "`created` is not a day", "YYYY-MM-DD"},
	{"TW-R-0407", "points by a value need", TW_E_MISSING, "points by a value without `over`, or without a table or two bounds", "points: {over: {field: totals.gross_kg}, table: [[1, 10], [100, 40]]}"},
	{"TW-R-0408", "there is no table", TW_E_MISSING, "a set from a table that is not beside its `_sets.yaml`", "put the file into the same folder, and name it without one"},
	{"TW-R-0409", "the table has no column", TW_E_MISSING, "a column that the first row of a table does not name", NULL},
	{"TW-R-0410", "the macro \"%.64s\" needs the parameter", TW_E_MISSING, "a macro is not given a parameter", NULL},
	{"TW-R-0411", "a band needs", TW_E_MISSING, "a row of a band without code, bounds or source", "hs, low, high, source"},
	{"TW-R-0500", NULL, TW_E_CONFLICT, "two statements that cannot both hold", NULL},
	{"TW-R-0501", "the rule \"%.64s\" stands in", TW_E_CONFLICT, "one id twice", NULL},
	{"TW-R-0502", "the id is not the file's name", TW_E_CONFLICT, "id and file name differ", NULL},
	{"TW-R-0503", "the %s \"%.64s\" is defined before", TW_E_CONFLICT, "a named set or macro twice", NULL},
	{"TW-R-0504", "a condition is one thing", TW_E_CONFLICT, "two heads in one condition", NULL},
	{"TW-R-0505", "one comparison a condition", TW_E_CONFLICT, "two comparators in one condition", NULL},
	{"TW-R-0506", "a rule that only informs", TW_E_CONFLICT, "a least lane of a rule that only informs", "another action, or no lane"},
	{"TW-R-0507", "the parameter \"%.64s\" is named like a set", TW_E_CONFLICT, "a parameter of a macro that hides a set", "another name"},
	{"TW-R-0508", "the code \"%.16s\" has two bands", TW_E_CONFLICT, "one code twice in a band", "one row a code; a longer code may have its own"},
	{"TW-R-0600", NULL, TW_E_RANGE, "a value outside its domain", NULL},
	{"TW-R-0601", "the values of points must rise", TW_E_RANGE, "steps of points out of order, or bounds the wrong way round", "the smallest value first"},
	{"TW-R-0602", "the band goes from", TW_E_RANGE, "a band whose lower bound is above its upper one", "low, then high"},
	{"TW-R-0610", NULL, TW_E_LIMIT, "a limit is passed (bytes, depth, elements)", NULL},
	{"TW-R-0700", "pattern \"%.64s\": %s", TW_E_SYNTAX, "PCRE2 refuses the pattern", NULL},
	{"TW-R-0701", "slow pattern", TW_OK, "a pattern that needs no fixed text runs on every text", "give every alternative two fixed letters or more in a row, at most 16 alternatives a pattern; split others into a list of patterns"},
	{"TW-R-0702", "the pattern \"%.64s\" can never match", TW_E_RANGE, "a pattern that no text can meet", "nothing may stand before ^ or after $; (?!) is never true"},
	{"TW-R-0703", "the pattern \"%.64s\" gives up", TW_OK, "a text can drive the pattern to its match limit (ReDoS probe)", "no repeat inside a repeat, no two repeats that match the same text side by side; bound them: {0,40} instead of *"},
	{"TW-R-0800", NULL, TW_OK, "something to look at", NULL},
	{"TW-R-0801", "no rule uses the %s", TW_OK, "a named set or macro that nothing uses", "remove it, or use it"},
	{"TW-R-0802", "the same conditions as \"%.64s\"", TW_OK, "two rules with the same conditions: one shadows the other", "remove one, or say what tells them apart"},
	{"TW-R-0803", "the conditions can never hold together", TW_OK, "two conditions of one `all` that exclude each other", "one of them is wrong, or `any:` is meant"},
	{"TW-R-0804", "no heading of HS 2022", TW_OK, "a code of goods that no heading or subheading of HS 2022 begins with", "the code of that edition; what follows the sixth digit, and chapters 98 and 99, are not looked at"},
	{"TW-R-0805", "\"%s\" compares whole codes", TW_OK, "a code of goods of fewer than six digits beside `is` or `in`, which compare codes in full", "starts: [\"9301\"] takes every code that begins so"},
	{"TW-R-0806", "no configured list has the id", TW_OK, "a list of parties that the settings do not have: the condition never holds here", "lists: in the settings, or the id that they have"},
	{"TW-R-0807", "\"%.64s\" stands in its list a second time", TW_OK, "an entry twice in one list", "remove one; was another meant?"},
	{"TW-R-0900", NULL, TW_E_IO, "a file cannot be read, or there is no memory", NULL},
	{"TW-R-0910", "the pack is not signed", TW_E_AUTH, "signatures are asked for, and there is no file of them beside the pack", "tidewaiter rules sign"},
	{"TW-R-0911", "a signed file was changed", TW_E_AUTH, "a file is not what was signed", "look at it (`rules diff`), then sign anew"},
	{"TW-R-0912", "a file was added to a signed pack", TW_E_AUTH, "a file that nobody signed", "look at it, then sign anew, or remove it"},
	{"TW-R-0913", "a signed file is gone", TW_E_AUTH, "a file that was signed is not there", "bring it back, or sign anew"},
	{"TW-R-0914", "no trusted key has signed the pack", TW_E_AUTH, "the signatures are of other keys, or are none", "rules.signers names whose count"},
	{"TW-R-0915", "too few trusted keys have signed the pack", TW_E_AUTH, "fewer different keys have signed than rules.signatures asks for", "let the other person sign"},
	{"TW-R-0916", "no line of a file of signatures", TW_E_SYNTAX, "the file of signatures is damaged", "sign anew"},
	{"TW-R-0917", "the signed list of files is another", TW_E_AUTH, "the signed list differs from the files, beyond their lines", "sign anew"},
};
/* clang-format on */

const struct tw_rule_code *tw_rule_codes(uint32_t *count)
{
	*count = (uint32_t)(sizeof(codes) / sizeof(codes[0]));
	return codes;
}

const struct tw_rule_code *tw_rule_code_of(const char *format, enum tw_code kind)
{
	const struct tw_rule_code *found = NULL, *broad = NULL;
	const struct tw_rule_code *last = NULL; /* a file or memory: what can befall any of them */
	size_t best = 0, count = sizeof(codes) / sizeof(codes[0]);
	for (size_t i = 0; i < count; i++) {
		size_t length = codes[i].begins ? strlen(codes[i].begins) : 0;
		if (length > best && strncmp(format, codes[i].begins, length) == 0) {
			found = &codes[i];
			best = length;
		}
		if (!length && codes[i].kind == kind) {
			broad = &codes[i];
		}
		last = !length && codes[i].kind == TW_E_IO ? &codes[i] : last;
	}
	return found ? found : broad ? broad : last;
}
