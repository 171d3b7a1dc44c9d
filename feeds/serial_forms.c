/**
 * @file serial_forms.c
 * See serial_forms.h. A form is a row of signs, each a set of letters and digits and whether it may be left out; a serial walks along it with one bit
 * for each place that it may have come to. Source: Baeza-Yates and Gonnet, "A new approach to text searching", CACM 35(10), 1992 (bits as states).
 */
#include "feeds/serial_forms.h"

#include "engine/base/text.h"
#include "feeds/register_rows.h"

#define ALPHABET 36U /* A to Z, 0 to 9 */

enum { MAKER, MODEL, FORM, SOURCE, COLUMNS };
static const char *const columns[COLUMNS] = {"maker", "model", "form", "source"};

/* One alternative. */
struct form {
	uint64_t sign[TW_SERIAL_FORM_SIGNS]; /* bit a letter or digit */
	uint64_t optional;                   /* bit a sign */
	uint32_t count;
};

struct row {
	struct tw_slice maker; /* tw_text_fold */
	struct tw_slice model; /* tw_text_alnum; empty: all */
	struct tw_list forms;  /* struct form */
};

struct tw_serial_forms {
	struct tw_register_rows kept; /* of struct row */
};

/* ---- forms ---- */

/* @return its bit's number, ALPHABET for anything else */
static uint32_t letter_of(char c)
{
	return c >= 'A' && c <= 'Z'   ? (uint32_t)(c - 'A')
	       : c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a')
	       : c >= '0' && c <= '9' ? 26U + (uint32_t)(c - '0')
	                              : ALPHABET;
}

struct reading {
	struct tw_slice text;
	uint32_t at;
	const char *problem; /* the first one */
};

static bool is_next(const struct reading *reading, char c)
{
	return reading->at < reading->text.len && reading->text.ptr[reading->at] == c;
}

static uint64_t refuse(struct reading *reading, const char *problem)
{
	reading->problem = reading->problem ? reading->problem : problem;
	return 0;
}

/* Letters from one to the other, both of one kind. */
static uint64_t span_of(struct reading *reading, uint32_t from, uint32_t to)
{
	if (from == ALPHABET || to == ALPHABET || from > to || (from < 26U) != (to < 26U)) {
		return refuse(reading, "a class holds letters, digits and spans of either, as in [A-F0-9]");
	}
	return ((UINT64_C(2) << to) - 1) & ~((UINT64_C(1) << from) - 1);
}

static char take(struct reading *reading)
{
	return reading->at < reading->text.len ? reading->text.ptr[reading->at++] : '\0';
}

static uint64_t class_take(struct reading *reading)
{
	uint64_t set = 0;
	while (!reading->problem && !is_next(reading, ']')) {
		uint32_t from = letter_of(take(reading)), to = from;
		if (is_next(reading, '-')) {
			reading->at++;
			to = letter_of(take(reading));
		}
		set |= span_of(reading, from, to);
	}
	reading->at++;
	return set || reading->problem ? set : refuse(reading, "a class of nothing");
}

static uint32_t number_take(struct reading *reading)
{
	uint32_t number = 0, digits = 0;
	for (; reading->at < reading->text.len && reading->text.ptr[reading->at] >= '0' && reading->text.ptr[reading->at] <= '9' && digits < 3;
	     digits++) {
		number = number * 10 + (uint32_t)(take(reading) - '0');
	}
	if (digits == 0) {
		refuse(reading, "{n} or {n,m} needs its numbers");
	}
	return number;
}

/* How often: {n}, {n,m}, ?, or once. */
static void times_take(struct reading *reading, uint32_t *least, uint32_t *most)
{
	*least = *most = 1;
	if (is_next(reading, '?')) {
		reading->at++;
		*least = 0;
	} else if (is_next(reading, '{')) {
		reading->at++;
		*least = *most = number_take(reading);
		if (is_next(reading, ',')) {
			reading->at++;
			*most = number_take(reading);
		}
		if (take(reading) != '}' || *most < *least || *most == 0) {
			refuse(reading, "{n} or {n,m} goes from a number up to another");
		}
	}
}

static void sign_take(struct reading *reading, struct form *form)
{
	char c = take(reading);
	uint32_t letter = letter_of(c), least, most;
	uint64_t set = c == '['            ? class_take(reading)
	               : letter < ALPHABET ? UINT64_C(1) << letter
	                                   : refuse(reading, "letters, digits and classes alone");
	times_take(reading, &least, &most);
	if (!reading->problem && most > TW_SERIAL_FORM_SIGNS - form->count) {
		refuse(reading, "too long");
	}
	for (uint32_t i = 0; i < most && !reading->problem; i++) {
		form->optional |= i < least ? 0 : UINT64_C(1) << form->count;
		form->sign[form->count++] = set;
	}
}

/* Alternatives, each of at least one sign that must be there. @return false at the arena's ceiling */
static bool forms_read(struct reading *reading, struct tw_arena *arena, struct tw_list *out)
{
	do {
		struct form form = {.count = 0};
		while (reading->at < reading->text.len && !is_next(reading, '|') && !reading->problem) {
			sign_take(reading, &form);
		}
		if (form.optional == (form.count ? ((UINT64_C(1) << form.count) - 1) : 0)) {
			refuse(reading, "a form that nothing must be in");
		}
		struct form *kept = tw_list_push(arena, out, sizeof(*kept));
		if (!kept) {
			return false;
		}
		*kept = form;
	} while (!reading->problem && take(reading) == '|');
	return true;
}

/* Places that are reached without a further letter. */
static uint64_t passed(const struct form *form, uint64_t places)
{
	for (uint32_t i = 0; i < form->count; i++) {
		uint64_t here = UINT64_C(1) << i;
		places |= (places & form->optional & here) << 1;
	}
	return places;
}

static bool is_of(const struct form *form, struct tw_slice serial)
{
	uint64_t places = passed(form, 1);
	for (uint32_t i = 0; i < serial.len && places; i++) {
		uint32_t letter = letter_of(serial.ptr[i]);
		uint64_t next = 0;
		for (uint32_t k = 0; k < form->count && letter < ALPHABET; k++) {
			next |= (places >> k & form->sign[k] >> letter & 1U) << (k + 1);
		}
		places = passed(form, next);
	}
	return places >> form->count & 1U;
}

/* ---- rows ---- */

/* @return false without memory */
static bool read_row(struct tw_register *reading, struct tw_register_rows *rows)
{
	const struct tw_csv *csv = reading->csv;
	struct row row = {.forms = {NULL, 0, 0}};
	struct reading form = {.text = csv->field[FORM]};
	if (!csv->field[MAKER].len || !csv->field[FORM].len || !csv->field[SOURCE].len) {
		tw_register_fault(reading, TW_E_MISSING, "a form of serials needs its maker, the form and where it comes from", MAKER);
		return true;
	}
	row.maker = tw_text_fold(csv->field[MAKER], &rows->arena);
	row.model = tw_text_alnum(csv->field[MODEL], &rows->arena);
	bool whole = row.maker.ptr && row.model.ptr && forms_read(&form, &rows->arena, &row.forms);
	if (whole && form.problem) {
		tw_register_fault(reading, TW_E_SYNTAX, form.problem, FORM);
		return true;
	}
	struct row *kept = whole ? tw_list_push(&rows->arena, &rows->rows, sizeof(*kept)) : NULL;
	if (kept) {
		*kept = row;
	}
	return kept != NULL;
}

static const struct tw_register_kind kind = {
    .columns = columns,
    .column_count = COLUMNS,
    .bytes_max = TW_SERIAL_FORMS_BYTES_MAX,
    .no_memory = "no memory for the forms of serials",
    .row = read_row,
    .row_bytes = sizeof(struct row),
};

enum tw_code tw_serial_forms_read(const char *name, struct tw_slice bytes, struct tw_serial_forms **out, struct tw_error *err)
{
	return tw_register_rows_read(&kind, name, bytes, NULL, (struct tw_register_rows **)out, err);
}

enum tw_code tw_serial_forms_lint(const char *name, struct tw_slice bytes, const struct tw_register_sink *sink, struct tw_error *err)
{
	return tw_register_rows_read(&kind, name, bytes, sink, NULL, err);
}

enum tw_code tw_serial_forms_load(const char *path, struct tw_serial_forms **out, struct tw_error *err)
{
	return tw_register_rows_load(&kind, path, (struct tw_register_rows **)out, err);
}

void tw_serial_forms_free(struct tw_serial_forms *forms)
{
	tw_register_rows_free(forms ? &forms->kept : NULL);
}

struct tw_slice tw_serial_forms_digest(const struct tw_serial_forms *forms)
{
	return tw_slice_str(forms->kept.digest);
}

uint32_t tw_serial_forms_count(const struct tw_serial_forms *forms, uint32_t *makers)
{
	const struct row *rows = forms->kept.rows.data;
	*makers = 0;
	for (uint32_t i = 0; i < forms->kept.rows.count; i++) {
		bool known = false;
		for (uint32_t k = 0; k < i && !known; k++) {
			known = tw_slice_equal(rows[k].maker, rows[i].maker);
		}
		*makers += !known;
	}
	return forms->kept.rows.count;
}

/* ---- questions ---- */

/* "samplearms" is the maker of "samplearms works", not of "samplearmsson". */
static bool is_maker(struct tw_slice stated, struct tw_slice held)
{
	return stated.len >= held.len && memcmp(stated.ptr, held.ptr, held.len) == 0 && (stated.len == held.len || stated.ptr[held.len] == ' ');
}

static enum tw_serial_form row_says(const struct row *row, struct tw_slice serial)
{
	const struct form *forms = row->forms.data;
	for (uint32_t i = 0; i < row->forms.count; i++) {
		if (is_of(&forms[i], serial)) {
			return TW_SERIAL_WELL_FORMED;
		}
	}
	return TW_SERIAL_ILL_FORMED;
}

enum tw_serial_form tw_serial_forms_ask(const struct tw_serial_forms *forms, const struct tw_serial_form_question *question, struct tw_arena *arena,
                                        bool *full)
{
	enum tw_serial_form says = (enum tw_serial_form)0;
	struct tw_arena_mark mark = tw_arena_mark(arena);
	if (!forms || forms->kept.rows.count == 0) {
		return says;
	}
	struct tw_slice maker = tw_text_fold(question->maker, arena), model = tw_text_alnum(question->model, arena);
	struct tw_slice serial = tw_text_alnum(question->value, arena);
	*full = *full || !maker.ptr || !model.ptr || !serial.ptr;
	const struct row *rows = forms->kept.rows.data;
	for (uint32_t i = 0; maker.len && serial.len && !*full && i < forms->kept.rows.count && says != TW_SERIAL_WELL_FORMED; i++) {
		bool about = is_maker(maker, rows[i].maker) && (rows[i].model.len == 0 || tw_slice_equal(rows[i].model, model));
		says = about ? row_says(&rows[i], serial) : says;
	}
	tw_arena_rewind(arena, mark);
	return *full ? (enum tw_serial_form)0 : says;
}
