/** What fal answers for one deployed app, with the families and labels that its documentation shows. */
export const APP_TEXT = `# HELP fal_app_runners Runners by state
# TYPE fal_app_runners gauge
fal_app_runners{application="me/paint",machine_type="GPU-H100",state="running"} 2
fal_app_runners{application="me/paint",machine_type="GPU-H100",state="pending"} 0
# HELP fal_app_request_latency Completed requests by latency
# TYPE fal_app_request_latency gauge
fal_app_request_latency{application="me/paint",le="0.5"} 3
fal_app_request_latency{application="me/paint",le="+Inf"} 5
`;
