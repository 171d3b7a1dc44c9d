/**
 * @file certificate_tell.h
 * What one event says of certificates, kept beside the store (certificate_source.h). Private to engine/command. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_TELL_H
#define TIDEWAITER_ENGINE_COMMAND_CERTIFICATE_TELL_H

#include "engine/command/certificate_source.h"

/** @param number as tw_certificate_inputs.number @return false at the arena's ceiling */
bool tw_certificate_tell(struct tw_certificate_source *source, const struct tw_event *event, struct tw_slice number);
/** Puts both lists into their order. */
void tw_certificate_told_sort(struct tw_certificate_source *source);
/** A key without its issuer: "QZMOD202600417" of "QZ|QZMOD202600417". */
struct tw_slice tw_certificate_number_of(struct tw_slice key);

#endif
