/**
 * @file papers.h
 * The member "papers": feeds/schema/alert.json, $defs/papers. For alerts, and for what commands of engine/command print for programs. Pure.
 */
#ifndef TIDEWAITER_ENGINE_EMIT_PAPERS_H
#define TIDEWAITER_ENGINE_EMIT_PAPERS_H

#include <tidewaiter/papers.h>

#include "engine/emit/json.h"

/** The value alone. @param rows_most further rows are counted as dropped, those that differ last */
void tw_papers_write(struct tw_json *json, const struct tw_papers *papers, uint32_t rows_most);

#endif
