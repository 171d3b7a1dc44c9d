/**
 * @file reference_macro.c
 * Macros with parameters, the plain way: the macro is written out as text, each `$name` as what is given for it, and the text is read anew. The
 * loader copies trees (rules/macro.c); this one knows nothing of them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "reference.h"

static void write_node(const struct tw_yaml *node, const struct tw_yaml *with, bool element, FILE *out);

static void write_members(const struct tw_yaml *node, const struct tw_yaml *with, FILE *out)
{
	for (const struct tw_yaml *child = node->first; child; child = child->next) {
		if (node->kind == TW_YAML_MAPPING) {
			fprintf(out, "%s: ", child->key.ptr);
		}
		write_node(child, with, node->kind == TW_YAML_SEQUENCE, out);
		fputs(child->next ? ", " : "", out);
	}
}

static void write_scalar(const struct tw_yaml *node, FILE *out)
{
	fputs(node->plain ? "" : "'", out);
	for (uint32_t i = 0; i < node->text.len; i++) {
		fputs(!node->plain && node->text.ptr[i] == '\'' ? "'" : "", out);
		fputc(node->text.ptr[i], out);
	}
	fputs(node->plain ? "" : "'", out);
}

/* @param element of a list: a list that is given there gives its elements */
static void write_node(const struct tw_yaml *node, const struct tw_yaml *with, bool element, FILE *out)
{
	bool named = with && node->kind == TW_YAML_SCALAR && node->plain && node->text.len > 1 && node->text.ptr[0] == '$';
	const struct tw_yaml *given = named ? tw_yaml_member(with, node->text.ptr + 1) : NULL;
	if (given && element && given->kind == TW_YAML_SEQUENCE) {
		write_members(given, NULL, out);
	} else if (given) {
		write_node(given, NULL, false, out);
	} else if (node->kind == TW_YAML_SCALAR) {
		write_scalar(node, out);
	} else {
		fputc(node->kind == TW_YAML_MAPPING ? '{' : '[', out);
		write_members(node, with, out);
		fputc(node->kind == TW_YAML_MAPPING ? '}' : ']', out);
	}
}

const struct tw_yaml *reference_macro(const struct reference *reference, const struct tw_yaml *use)
{
	const struct tw_yaml *name = use->kind == TW_YAML_MAPPING ? tw_yaml_member(use, "macro") : use;
	const struct tw_yaml *macro = tw_yaml_member(reference->macros, name->text.ptr), *with = tw_yaml_member(macro, "with");
	struct tw_rule_report report = {.file = "macro"};
	char *text = NULL;
	size_t size = 0;
	if (!with) {
		return macro;
	}
	FILE *out = open_memstream(&text, &size);
	if (!out) {
		abort();
	}
	write_node(tw_yaml_member(macro, "when"), tw_yaml_member(use, "with"), false, out);
	fclose(out);
	const struct tw_yaml *filled = tw_yaml_parse((struct tw_slice){text, (uint32_t)size}, reference->arena, &report);
	free(text);
	return filled;
}
