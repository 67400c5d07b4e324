import { PlatformError } from './platform.ts';

const REFUSALS: readonly string[] = ['platform.authorization_error', 'unauthorized', 'forbidden'];

/** True for a call of the Platform API whose key fal does not know, or that lacks the scope. */
export function isRefused(error: unknown): error is PlatformError {
  return error instanceof PlatformError && REFUSALS.includes(error.classification.errorType);
}

/** True for a question that fal takes for wrong, such as one about a time that has not come by its clock. */
export function isRefusedAsInvalid(error: unknown): error is PlatformError {
  return error instanceof PlatformError && error.classification.errorType === 'platform.validation_error';
}
