import type { LiveJob } from './live-job.ts';

/** Where simulated media live; the simulated CDN answers under it. */
const MEDIA_BASE = 'https://v3.fal.media/files/simulated';

/**
 * A believable model output: `images`, `video` or `audio` with a media URL, plus the fields that image models
 * add. It never repeats the prompt.
 */
export function outputOf(job: LiveJob, seed: number, inferenceMs: number): unknown {
  const { requestId } = job.record;
  switch (job.order.endpoint.media) {
    case 'images':
      return {
        images: [
          { url: `${MEDIA_BASE}/${requestId}.png`, width: 1024, height: 1024, content_type: 'image/png' },
        ],
        timings: { inference: inferenceMs / 1000 },
        seed,
        has_nsfw_concepts: [false],
      };
    case 'video':
      return {
        video: {
          url: `${MEDIA_BASE}/${requestId}.mp4`,
          content_type: 'video/mp4',
          file_name: 'output.mp4',
          file_size: 1_250_000,
        },
        seed,
      };
    case 'audio':
      return {
        audio: { url: `${MEDIA_BASE}/${requestId}.mp3`, content_type: 'audio/mpeg', file_name: 'output.mp3' },
        seed,
      };
  }
}
