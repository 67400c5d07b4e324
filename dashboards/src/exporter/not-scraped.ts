/** Why a panel about the exporter may be empty. */
export const NOT_SCRAPED =
  'No exporter is scraped: check the data source, the job, and fal_exporter_build_info';
