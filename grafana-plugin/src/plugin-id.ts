/** Id of the app: part of every address of its pages, and the namespace of its translations. */
export const APP_ID = 'falobs-fal-app';
