import { alert } from '../alert.ts';
import { count, factor, ratio } from '../parameter.ts';
import { APP, RECORDED } from '../sources.ts';

export const appErrorsHigh = alert({
  name: 'FalAppErrorsHigh',
  scope: 'endpoint',
  severity: 'warning',
  forSeconds: 300,
  parameters: {
    threshold: ratio(0.25, 'refused requests ÷ finished requests over 5 minutes'),
    min_errors: count(10, 'refused requests in 5 minutes, below which it stays silent'),
    times_usual: factor(2, 'how many times its share of the day before'),
  },
  meaning:
    'More than {threshold} of the app’s requests to a model were refused for their input over five minutes, at least {min_errors} of them, and {times_usual} times the usual share.',
  rules: (promql, { threshold, min_errors: least, times_usual: times }) => {
    const share = RECORDED.appErrorRatio;
    const usual = `avg_over_time(${share}[${promql.duration(86_400)}] offset ${promql.duration(600)})`;
    const requests = RECORDED.requests(APP, '5m');
    return [
      {
        source: 'app',
        expr: [
          `${share} > ${threshold}`,
          `and ${share} * ${requests} >= ${least}`,
          `unless ${share} < ${times} * ${usual}`,
        ].join('\n'),
        summary:
          'your app: {{ $value | humanizePercentage }} of its requests to {{ $labels.endpoint_id }} are refused for their input',
        description:
          'fal refuses {{ $value | humanizePercentage }} of what your app sends to {{ $labels.endpoint_id }} (account {{ $labels.account }}), content policy not counted, and yesterday it did not. That is not an outage of fal: look at your last deploy first, then at the schema of the model. The error types say what is wrong with the input.',
        dashboard: 'fal-endpoint',
      },
    ];
  },
});
