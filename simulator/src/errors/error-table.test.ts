import { expect, test } from 'vitest';
import { errorBody, errorHeaders } from './error-reply.ts';
import { ERROR_TABLE, traitsOf } from './error-table.ts';

/** Statuses of fal's request-errors and errors pages, written down a second time on purpose. */
const BY_STATUS: Readonly<Record<number, readonly string[]>> = {
  400: ['bad_request'],
  429: ['concurrent_requests_limit'],
  499: ['client_disconnected', 'client_cancelled'],
  500: [
    'runner_server_error',
    'internal_error',
    'internal_server_error',
    'downstream_service_error',
    'downstream_service_unavailable',
  ],
  502: ['runner_incomplete_response'],
  503: [
    'runner_scheduling_failure',
    'runner_connection_timeout',
    'runner_disconnected',
    'runner_connection_refused',
    'runner_connection_error',
  ],
  504: ['request_timeout', 'startup_timeout', 'generation_timeout'],
  422: [
    'content_policy_violation',
    'no_media_generated',
    'image_too_small',
    'image_too_large',
    'image_load_error',
    'file_download_error',
    'file_too_large',
    'face_detection_error',
    'greater_than',
    'greater_than_equal',
    'less_than',
    'less_than_equal',
    'multiple_of',
    'sequence_too_short',
    'sequence_too_long',
    'one_of',
    'feature_not_supported',
    'invalid_archive',
    'archive_file_count_below_minimum',
    'archive_file_count_exceeds_maximum',
    'audio_duration_too_long',
    'audio_duration_too_short',
    'video_duration_too_long',
    'video_duration_too_short',
    'unsupported_audio_format',
    'unsupported_image_format',
    'unsupported_video_format',
    'missing',
    'string_type',
    'int_parsing',
    'value_error',
    'value_error.missing',
  ],
};

test('every error type that fal names is there with its status', () => {
  for (const [status, types] of Object.entries(BY_STATUS)) {
    for (const type of types) expect(traitsOf(type).status, type).toBe(Number(status));
  }
});

test('no error of status 500 or above is ever billed', () => {
  for (const [type, traits] of Object.entries(ERROR_TABLE)) {
    if (traits.status >= 500) expect(traits.billed, type).toBe('none');
  }
});

test('request errors name their type in body and header, model errors in a detail list', () => {
  expect(errorBody('runner_disconnected')).toEqual({
    detail: 'Runner disconnected while processing',
    error_type: 'runner_disconnected',
  });
  expect(errorHeaders('runner_disconnected')).toEqual({ 'x-fal-error-type': 'runner_disconnected' });
  expect(errorBody('file_too_large')).toEqual({
    detail: [
      {
        loc: ['body', 'image_url'],
        msg: 'File is too large',
        type: 'file_too_large',
        url: 'https://docs.fal.ai/errors/#file_too_large',
        ctx: { max_size: 10_485_760 },
      },
    ],
  });
  expect(errorHeaders('file_too_large')).toEqual({ 'x-fal-needs-retry': '0' });
});

test('the concurrency limit asks for a retry', () => {
  expect(errorHeaders('concurrent_requests_limit')).toEqual({
    'x-fal-error-type': 'concurrent_requests_limit',
    'x-fal-needs-retry': '1',
  });
});

test('an unknown type is refused with the list of known ones', () => {
  expect(() => traitsOf('toString')).toThrow(/no such fal error type: toString; known are request_timeout/);
});
