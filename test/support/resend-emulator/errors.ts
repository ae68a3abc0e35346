/** The documented errors of Resend's API with their status (resend.com/docs/api-reference/errors). */
export const ERRORS = {
  invalid_idempotency_key: 400,
  validation_error: 422,
  missing_api_key: 401,
  restricted_api_key: 401,
  invalid_api_key: 403,
  not_found: 404,
  method_not_allowed: 405,
  invalid_idempotent_request: 409,
  concurrent_idempotent_requests: 409,
  invalid_attachment: 422,
  invalid_from_address: 422,
  invalid_access: 422,
  invalid_parameter: 422,
  invalid_region: 422,
  missing_required_field: 422,
  rate_limit_exceeded: 429,
  daily_quota_exceeded: 429,
  monthly_quota_exceeded: 429,
  security_error: 451,
  application_error: 500,
  internal_server_error: 500,
} as const;

export type ErrorName = keyof typeof ERRORS;

export type Answer = { readonly status: number; readonly body: unknown };

/** An error answer; `validation_error` comes with more than one status. */
export function errorAnswer(name: ErrorName, message: string = name, status: number = ERRORS[name]): Answer {
  return { status, body: { statusCode: status, name, message } };
}
