/** What has to be known of somebody before anything is new. */
export const learning = {
  learningDays: { value: 7, minimum: 1, maximum: 60 },
  learningSignIns: { value: 5, minimum: 1, maximum: 100 },
};
