/** Stands in for the platform: calls the function once per prompt, and ends it without a word. */
import { POST } from './handler.js';

for (const prompt of process.argv.slice(2)) {
  const body = JSON.stringify({ prompt });
  const response = await POST(new Request('https://pictures.example/api/images', { method: 'POST', body }));
  console.log(response.status, JSON.stringify(await response.json()));
}
process.exit();
